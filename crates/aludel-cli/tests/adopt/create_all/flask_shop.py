"""Flask-SQLAlchemy with a second database: models of two binds, and a table that is of the second."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Customer(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), unique=True)


class StockItem(db.Model):
    __bind_key__ = "stock"
    id = db.Column(db.Integer, primary_key=True)
    kind = db.Column(db.Enum("big", "small", name="kind"))


db.Table("shelves", db.Column("item", db.ForeignKey("stock_item.id"), primary_key=True), bind_key="stock")

app = Flask(__name__)
app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", SQLALCHEMY_BINDS={"stock": "sqlite://"})
db.init_app(app)
both = [db.metadatas[None], db.metadatas["stock"]]
stock = db.metadatas["stock"]
